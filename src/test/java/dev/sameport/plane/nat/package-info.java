/// Tests of the nat plane.
@NullMarked
package dev.sameport.plane.nat;

import org.jspecify.annotations.NullMarked;
