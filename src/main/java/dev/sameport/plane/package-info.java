/// What carries the traffic: nat, reuseport, proxy. Each makes its part of the desired state true
/// and can erase itself.
@NullMarked
package dev.sameport.plane;

import org.jspecify.annotations.NullMarked;
