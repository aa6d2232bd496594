/// The nat plane: the kernel rewrites each new connection to one of the endpoints. All rules are in
/// table `inet sameport`.
///
/// A packet's path: `prerouting` (from outside) or `output` (from this host), priority -110, before
/// the engines' -100; only a SYN; only while the set `alive` has not expired → `dispatch` → the
/// published port's own chain → one endpoint by a random slot. What is not rewritten reaches the
/// listener.
@NullMarked
package dev.sameport.plane.nat;

import org.jspecify.annotations.NullMarked;
