/// Makes forwarded packets of rewritten connections pass the firewall of the host, and undoes it.
@NullMarked
package dev.sameport.plane.nat.forward;

import org.jspecify.annotations.NullMarked;
