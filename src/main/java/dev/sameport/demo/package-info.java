/// `sameport demo`: the main job on this machine, in namespaces of its own, with nothing installed
/// but a JDK.
@NullMarked
package dev.sameport.demo;

import org.jspecify.annotations.NullMarked;
