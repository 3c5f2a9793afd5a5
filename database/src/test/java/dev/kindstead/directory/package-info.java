/** Tests of who belongs to a cluster: nodes, disks and network in one thread. */
@NullMarked
package dev.kindstead.directory;

import org.jspecify.annotations.NullMarked;
