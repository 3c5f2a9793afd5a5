@NullMarked
package dev.kindstead.encoding;

import org.jspecify.annotations.NullMarked;
