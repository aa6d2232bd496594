/// A small client of the Docker and Podman API over unix sockets. It knows nothing of services.
@NullMarked
package dev.sameport.engine;

import org.jspecify.annotations.NullMarked;
