package dev.kindstead.protocol;

import static dev.kindstead.model.DatastoreException.invalidArgument;

import dev.kindstead.model.Names;
import dev.kindstead.model.PropertyPath;
import dev.kindstead.model.PropertyTransform;
import dev.kindstead.model.PropertyTransform.Action;
import dev.kindstead.model.Value;
import java.util.ArrayList;
import java.util.List;

/** Reads the property transforms of a mutation. Immutable. */
final class TransformReader {
  private final EntityReader entities;
  private final Limits limits;

  TransformReader(EntityReader entities, Limits limits) {
    this.entities = entities;
    this.limits = limits;
  }

  List<PropertyTransform> read(List<com.google.datastore.v1.PropertyTransform> sent) {
    if (sent.size() > limits.transformsMax()) {
      throw invalidArgument(
          "cannot apply more than " + limits.transformsMax() + " transforms to an entity");
    }
    var transforms = new ArrayList<PropertyTransform>(sent.size());
    for (var transform : sent) {
      PropertyPath property = PropertyPaths.read(transform.getProperty());
      for (String segment : property.segments()) {
        Names.checkProperty(segment, false, limits.nameBytesMax());
      }
      transforms.add(new PropertyTransform(property, action(transform)));
    }
    return transforms;
  }

  private Action action(com.google.datastore.v1.PropertyTransform sent) {
    String property = sent.getProperty();
    return switch (sent.getTransformTypeCase()) {
      case SET_TO_SERVER_VALUE -> serverValue(sent);
      case INCREMENT -> new PropertyTransform.Increment(number(property, sent.getIncrement()));
      case MAXIMUM -> new PropertyTransform.Maximum(number(property, sent.getMaximum()));
      case MINIMUM -> new PropertyTransform.Minimum(number(property, sent.getMinimum()));
      case APPEND_MISSING_ELEMENTS ->
          new PropertyTransform.AppendMissingElements(
              entities.elements(property, sent.getAppendMissingElements()));
      case REMOVE_ALL_FROM_ARRAY ->
          new PropertyTransform.RemoveAllFromArray(
              entities.elements(property, sent.getRemoveAllFromArray()));
      case TRANSFORMTYPE_NOT_SET ->
          throw invalidArgument("The transform of property \"" + property + "\" has no type.");
    };
  }

  private static Action serverValue(com.google.datastore.v1.PropertyTransform sent) {
    return switch (sent.getSetToServerValue()) {
      case REQUEST_TIME -> new PropertyTransform.SetToRequestTime();
      case SERVER_VALUE_UNSPECIFIED, UNRECOGNIZED ->
          throw invalidArgument(
              "The transform of property \"" + sent.getProperty() + "\" has no server value.");
    };
  }

  private Value number(String property, com.google.datastore.v1.Value sent) {
    Value.Content operand = entities.scalar(property, sent);
    if (!(operand instanceof Value.IntegerValue) && !(operand instanceof Value.DoubleValue)) {
      throw invalidArgument(
          "The transform of property \"" + property + "\" needs an integer or a double.");
    }
    return new Value(operand, sent.getMeaning(), sent.getExcludeFromIndexes());
  }
}
