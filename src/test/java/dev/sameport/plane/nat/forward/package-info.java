/// Tests of the host's firewall and forwarding.
@org.jspecify.annotations.NullMarked
package dev.sameport.plane.nat.forward;
