@NullMarked
package dev.kindstead.transport;

import org.jspecify.annotations.NullMarked;
