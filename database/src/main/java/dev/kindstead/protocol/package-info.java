/** The public door: gRPC and HTTP on one port, validation, errors. */
@NullMarked
package dev.kindstead.protocol;

import org.jspecify.annotations.NullMarked;
