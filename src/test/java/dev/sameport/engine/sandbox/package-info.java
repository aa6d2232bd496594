/// The engine client, tried on captured answers of real engines and on hostile ones.
@NullMarked
package dev.sameport.engine.sandbox;

import org.jspecify.annotations.NullMarked;
