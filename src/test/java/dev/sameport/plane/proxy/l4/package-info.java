@NullMarked
package dev.sameport.plane.proxy.l4;

import org.jspecify.annotations.NullMarked;
