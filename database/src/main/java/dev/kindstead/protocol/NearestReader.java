package dev.kindstead.protocol;

import static dev.kindstead.model.DatastoreException.invalidArgument;

import com.google.datastore.v1.FindNearest;
import com.google.datastore.v1.Value;
import dev.kindstead.model.Names;
import dev.kindstead.query.Nearest;
import dev.kindstead.vector.Measure;

/** Reads {@code find_nearest}. Immutable. */
final class NearestReader {
  private final Limits limits;

  NearestReader(Limits limits) {
    this.limits = limits;
  }

  Nearest read(com.google.datastore.v1.Query query) {
    FindNearest sent = query.getFindNearest();
    if (query.getKindCount() == 0) {
      throw invalidArgument("kind is required for find_nearest");
    }
    if (!query.getStartCursor().isEmpty() || !query.getEndCursor().isEmpty()) {
      throw invalidArgument("Cursors cannot be used with find_nearest.");
    }
    if (query.getDistinctOnCount() > 0) {
      throw invalidArgument("distinct_on cannot be used with find_nearest.");
    }
    String property = sent.getVectorProperty().getName();
    Names.checkProperty(property, false, limits.nameBytesMax());
    int limit = sent.getLimit().getValue();
    if (limit < 1 || limit > Nearest.LIMIT_MAX) {
      throw invalidArgument(
          "find_nearest limit must be between 1 and %d.".formatted(Nearest.LIMIT_MAX));
    }
    String distanceProperty = sent.getDistanceResultProperty();
    if (!distanceProperty.isEmpty()) {
      Names.checkProperty(distanceProperty, false, limits.nameBytesMax());
    }
    return new Nearest(
        property,
        vector(sent.getQueryVector()),
        measure(sent.getDistanceMeasure()),
        limit,
        distanceProperty.isEmpty() ? null : distanceProperty,
        sent.hasDistanceThreshold() ? sent.getDistanceThreshold().getValue() : null);
  }

  private static double[] vector(Value sent) {
    int dimensions = sent.getArrayValue().getValuesCount();
    if (dimensions == 0 || dimensions > Nearest.DIMENSIONS_MAX) {
      throw invalidArgument(
          "find_nearest query_vector must have between 1 and %d dimensions."
              .formatted(Nearest.DIMENSIONS_MAX));
    }
    double[] vector = new double[dimensions];
    for (int i = 0; i < dimensions; i++) {
      Value element = sent.getArrayValue().getValues(i);
      if (element.getValueTypeCase() != Value.ValueTypeCase.DOUBLE_VALUE) {
        throw invalidArgument("find_nearest query_vector must consist of doubles.");
      }
      vector[i] = element.getDoubleValue();
    }
    return vector;
  }

  private static Measure measure(FindNearest.DistanceMeasure sent) {
    return switch (sent) {
      case EUCLIDEAN -> Measure.EUCLIDEAN;
      case COSINE -> Measure.COSINE;
      case DOT_PRODUCT -> Measure.DOT_PRODUCT;
      case DISTANCE_MEASURE_UNSPECIFIED, UNRECOGNIZED ->
          throw invalidArgument("find_nearest must specify a distance_measure.");
    };
  }
}
