@NullMarked
package dev.sameport.health;

import org.jspecify.annotations.NullMarked;
