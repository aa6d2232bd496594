/// The nat plane: the kernel rewrites each new connection to one of the endpoints.
///
/// ```
///  from outside ─▶ prerouting ─┐                                     ┌▶ tcp_80_any ─▶ dnat to one
///                              ├▶ dispatch (address and port known?) ┤    of tcp_80_any_to_ipv4
///  from this host ─▶ output ───┘                                     └▶ nothing: the listener serves
///  what nobody serves ─▶ input ─▶ refuse ─▶ reset
///  our own trials ─▶ prerouting ─▶ trial ─▶ dnat to the endpoint under trial
/// ```
///
/// Only table `inet sameport` is ours; no other table is touched here. What decides is pure
/// ([dev.sameport.plane.nat.Offload], [dev.sameport.plane.nat.NatState],
/// [dev.sameport.plane.nat.Ruleset], [dev.sameport.plane.nat.Slots]); what acts is thin
/// ([dev.sameport.plane.nat.NatPlane]).
@NullMarked
package dev.sameport.plane.nat;

import org.jspecify.annotations.NullMarked;
