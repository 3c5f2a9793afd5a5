/** Tests of which nodes have replicas, and which of them leads. */
@NullMarked
package dev.kindstead.placement;

import org.jspecify.annotations.NullMarked;
