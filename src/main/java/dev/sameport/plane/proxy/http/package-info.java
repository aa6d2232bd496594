/// HTTP for clients and to endpoints: exchanges, pools, retries, time-outs, answers of our own.
@NullMarked
package dev.sameport.plane.proxy.http;

import org.jspecify.annotations.NullMarked;
