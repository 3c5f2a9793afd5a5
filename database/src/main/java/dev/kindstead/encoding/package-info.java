/** Bytes whose unsigned order is the order of the API, and the bytes of a stored entity. */
@NullMarked
package dev.kindstead.encoding;

import org.jspecify.annotations.NullMarked;
