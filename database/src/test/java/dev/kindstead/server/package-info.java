@NullMarked
package dev.kindstead.server;

import org.jspecify.annotations.NullMarked;
