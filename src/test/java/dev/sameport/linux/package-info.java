@NullMarked
package dev.sameport.linux;

import org.jspecify.annotations.NullMarked;
