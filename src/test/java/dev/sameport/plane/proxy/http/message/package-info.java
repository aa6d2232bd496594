/// The parser against a corpus, in every split, and against chance.
@NullMarked
package dev.sameport.plane.proxy.http.message;

import org.jspecify.annotations.NullMarked;
