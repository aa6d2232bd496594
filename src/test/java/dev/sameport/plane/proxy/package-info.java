@NullMarked
package dev.sameport.plane.proxy;

import org.jspecify.annotations.NullMarked;
