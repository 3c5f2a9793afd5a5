package dev.kindstead.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Bytes;
import org.junit.jupiter.api.Test;

/** Graphs that are counted by their vectors alone take a node's memory when those are short. */
final class GraphLargerThanCountedTest {
  private static final int VECTORS = 300;

  /** Of a heap of 10,000 such vectors, under paths of 20 bytes. */
  private static final int MEASURED_BYTES = 493;

  @Test
  void shortVectorsAreCountedWithWhatStandsBesideThem() {
    var graph = new VectorGraph(2, Measure.EUCLIDEAN, 0);
    for (int i = 0; i < VECTORS; i++) {
      byte[] path = {(byte) i, (byte) (i >> 8)};
      graph.put(Bytes.of(path), new double[] {Math.sin(i), Math.cos(i)});
    }
    assertThat(graph.floats() * Float.BYTES)
        .isBetween(VECTORS * MEASURED_BYTES * 9L / 10, VECTORS * MEASURED_BYTES * 12L / 10);
  }
}
