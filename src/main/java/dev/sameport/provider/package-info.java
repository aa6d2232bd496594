/// A provider is a source of services: an engine, a file, the built-in `run`.
@NullMarked
package dev.sameport.provider;

import org.jspecify.annotations.NullMarked;
