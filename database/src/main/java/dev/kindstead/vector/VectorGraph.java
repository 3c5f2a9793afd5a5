package dev.kindstead.vector;

import dev.kindstead.model.Bytes;
import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import io.github.jbellis.jvector.graph.GraphSearcher;
import io.github.jbellis.jvector.graph.RandomAccessVectorValues;
import io.github.jbellis.jvector.graph.SearchResult;
import io.github.jbellis.jvector.graph.similarity.BuildScoreProvider;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import io.github.jbellis.jvector.vector.types.VectorTypeSupport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The vectors of one space as a graph in memory, in which neighbours are linked (DiskANN's, by
 * JVector). Entities stand under their paths.
 *
 * <p>Thread rule: {@link #put} by one thread at a time, {@link #nearest} by any beside it.
 */
final class VectorGraph {
  /** Links of a vector at most. */
  private static final int DEGREE = 24;

  /** Candidates looked at for the links of a new vector. */
  private static final int BUILD_BEAM = 100;

  /** The room that a vector's links with their scores, its path and its number take: 485 bytes. */
  private static final int FLOATS_BESIDE = 128;

  private static final float NEIGHBOR_OVERFLOW = 1.2f;
  private static final float DIVERSITY = 1.2f;

  /** Candidates kept during a search, for each one wanted, and at least. */
  private static final int SEARCH_FACTOR = 4;

  private static final int SEARCH_MIN = 120;

  /** How far the square of a length may be from one where products stand for distances. */
  private static final double UNIT_TOLERANCE = 1e-3;

  /** Kept, since a logger that nobody holds forgets its level. */
  private static final Logger QUIET = quiet();

  private static final VectorTypeSupport TYPES =
      VectorizationProvider.getInstance().getVectorTypeSupport();

  /** JVector advises an incubating module, which we do without, and tells of threads unused. */
  private static Logger quiet() {
    Logger logger = Logger.getLogger("io.github.jbellis.jvector");
    logger.setLevel(Level.SEVERE);
    return logger;
  }

  /** The vectors by their numbers; an entity that has changed has a new number. */
  private static final class Nodes implements RandomAccessVectorValues {
    private final int dimensions;
    private volatile VectorFloat<?>[] vectors = new VectorFloat<?>[1024];
    private volatile int size;

    Nodes(int dimensions) {
      this.dimensions = dimensions;
    }

    int add(VectorFloat<?> vector) {
      int number = size;
      if (number == vectors.length) {
        vectors = Arrays.copyOf(vectors, 2 * number);
      }
      vectors[number] = vector;
      size = number + 1;
      return number;
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public int dimension() {
      return dimensions;
    }

    @Override
    public VectorFloat<?> getVector(int number) {
      return vectors[number];
    }

    @Override
    public boolean isValueShared() {
      return false;
    }

    @Override
    public RandomAccessVectorValues copy() {
      return this;
    }
  }

  private final Measure measure;
  private final Nodes nodes;
  private final GraphIndexBuilder builder;
  private final Map<Bytes, Integer> numbers = new HashMap<>();

  /** By number; null for what is gone or has a newer number. */
  private volatile @Nullable Bytes[] paths = new Bytes[1024];

  private volatile long timestamp;

  /**
   * @param timestamp of the state that it is to be filled with; everything put may be newer
   */
  VectorGraph(int dimensions, Measure measure, long timestamp) {
    this.measure = measure;
    this.timestamp = timestamp;
    nodes = new Nodes(dimensions);
    builder =
        new GraphIndexBuilder(
            BuildScoreProvider.randomAccessScoreProvider(nodes, similarity()),
            dimensions,
            DEGREE,
            BUILD_BEAM,
            NEIGHBOR_OVERFLOW,
            DIVERSITY,
            true);
  }

  private VectorSimilarityFunction similarity() {
    return switch (measure) {
      case EUCLIDEAN -> VectorSimilarityFunction.EUCLIDEAN;
      case COSINE -> VectorSimilarityFunction.COSINE;
      case DOT_PRODUCT -> VectorSimilarityFunction.DOT_PRODUCT;
    };
  }

  /** Every entity that has not changed since stands here as it is; in microseconds. */
  long timestamp() {
    return timestamp;
  }

  void setTimestamp(long newer) {
    timestamp = newer;
  }

  /**
   * Sets an entity's vector, null for none.
   *
   * @return false when a graph cannot hold such a vector
   */
  boolean put(Bytes path, double @Nullable [] vector) {
    Integer before = numbers.remove(path);
    if (before != null) {
      paths[before] = null;
      builder.markNodeDeleted(before);
    }
    if (vector == null || hasNoDirection(vector)) {
      return true;
    }
    if (!fits(vector)) {
      return false;
    }
    VectorFloat<?> floats = TYPES.createFloatVector(vector.length);
    for (int i = 0; i < vector.length; i++) {
      floats.set(i, (float) vector[i]);
    }
    int number = nodes.add(floats);
    if (number >= paths.length) {
      paths = Arrays.copyOf(paths, 2 * number);
    }
    paths[number] = path;
    numbers.put(path, number);
    builder.addGraphNode(number, floats);
    return true;
  }

  /** Nothing is near it by its angle. */
  private boolean hasNoDirection(double[] vector) {
    return measure == Measure.COSINE && Measure.DOT_PRODUCT.of(vector, vector) == 0;
  }

  /** Products order by nearness only among vectors of one length. */
  private boolean fits(double[] vector) {
    double square = Measure.DOT_PRODUCT.of(vector, vector);
    return square < Float.MAX_VALUE
        && (measure != Measure.DOT_PRODUCT || Math.abs(square - 1) < UNIT_TOLERANCE);
  }

  /** The room that all vectors take that are or were here, in numbers of 4 bytes. */
  long floats() {
    return (long) nodes.size() * (nodes.dimension() + FLOATS_BESIDE);
  }

  /** Whether most of what takes room is gone. */
  boolean isMostlyDead() {
    return nodes.size() > 2 * Math.max(numbers.size(), BUILD_BEAM);
  }

  /**
   * The paths of entities that are near, most of those that are nearest among them.
   *
   * @param except those that are passed over, as if they were not here
   */
  List<Bytes> nearest(double[] target, int most, Set<Bytes> except) {
    if (nodes.size() == 0) {
      return List.of();
    }
    VectorFloat<?> floats = TYPES.createFloatVector(target.length);
    for (int i = 0; i < target.length; i++) {
      floats.set(i, (float) target[i]);
    }
    int beam = Math.max(SEARCH_MIN, SEARCH_FACTOR * most);
    SearchResult found =
        GraphSearcher.search(
            floats,
            most,
            beam,
            nodes,
            similarity(),
            builder.getGraph(),
            number -> {
              Bytes path = path(number);
              return path != null && !except.contains(path);
            });
    List<Bytes> near = new ArrayList<>(most);
    for (SearchResult.NodeScore each : found.getNodes()) {
      Bytes path = path(each.node);
      if (path != null) {
        near.add(path);
      }
    }
    return near;
  }

  private @Nullable Bytes path(int number) {
    @Nullable Bytes[] now = paths;
    return number < now.length ? now[number] : null;
  }
}
