/// Services that a person declared with `sameport publish`: kept in the state directory over
/// restarts and reboots.
@NullMarked
package dev.sameport.provider.declared;

import org.jspecify.annotations.NullMarked;
