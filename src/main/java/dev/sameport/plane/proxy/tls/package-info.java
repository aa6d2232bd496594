/// Ends TLS: certificates from files, chosen by server name, reloaded when they change.
@NullMarked
package dev.sameport.plane.proxy.tls;

import org.jspecify.annotations.NullMarked;
