/// The main job on this machine, with nothing installed.
@NullMarked
package dev.sameport.demo;

import org.jspecify.annotations.NullMarked;
