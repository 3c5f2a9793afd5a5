package dev.kindstead.protocol;

import static dev.kindstead.model.DatastoreException.invalidArgument;

import com.google.datastore.v1.Key.PathElement.IdTypeCase;
import dev.kindstead.model.Key;
import dev.kindstead.model.Names;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.PathElement;
import java.util.ArrayList;
import java.util.List;

/** From the API's keys to the model's, with the partition filled in. Immutable. */
final class KeyReader {
  private final RequestScope scope;
  private final Limits limits;

  KeyReader(RequestScope scope) {
    this.scope = scope;
    this.limits = scope.limits();
  }

  /** What a key is for, hence what it may look like. */
  enum Purpose {
    READ(true, false, true),
    WRITE(true, false, false),
    /** An insert or upsert: the server completes an incomplete key. */
    CREATE(true, true, false),
    ALLOCATE(false, true, false),
    /** A key as a value: may name what is reserved, and another database. */
    VALUE(true, false, true),
    /** The key of an entity as a value. */
    NESTED_ENTITY(true, true, true);

    private final boolean completeAllowed;
    private final boolean incompleteAllowed;
    private final boolean reservedAllowed;

    Purpose(boolean completeAllowed, boolean incompleteAllowed, boolean reservedAllowed) {
      this.completeAllowed = completeAllowed;
      this.incompleteAllowed = incompleteAllowed;
      this.reservedAllowed = reservedAllowed;
    }
  }

  List<Key> readAll(List<com.google.datastore.v1.Key> sent, Purpose purpose) {
    var keys = new ArrayList<Key>(sent.size());
    for (int i = 0; i < sent.size(); i++) {
      keys.add(read(sent.get(i), purpose));
    }
    return keys;
  }

  Key read(com.google.datastore.v1.Key sent, Purpose purpose) {
    PartitionId partition =
        purpose == Purpose.VALUE || purpose == Purpose.NESTED_ENTITY
            ? scope.valuePartition(sent.getPartitionId())
            : scope.partition(sent.getPartitionId(), purpose.reservedAllowed);
    int count = sent.getPathCount();
    if (count == 0) {
      throw invalidArgument("Key path is empty.");
    }
    if (count > limits.pathElementsMax()) {
      throw invalidArgument(
          "Key path is too long. Cannot exceed " + limits.pathElementsMax() + " elements.");
    }
    if (sent.getSerializedSize() > limits.keyBytesMax()) {
      throw invalidArgument("The key is longer than " + limits.keyBytesMax() + " bytes.");
    }
    var path = new ArrayList<PathElement>(count);
    for (int i = 0; i < count; i++) {
      path.add(element(sent, i, purpose));
    }
    return new Key(partition, path);
  }

  private PathElement element(com.google.datastore.v1.Key sent, int position, Purpose purpose) {
    var element = sent.getPath(position);
    boolean isLast = position == sent.getPathCount() - 1;
    Names.checkKind(element.getKind(), purpose.reservedAllowed, limits.nameBytesMax());
    IdTypeCase idType = element.getIdTypeCase();
    boolean complete = idType != IdTypeCase.IDTYPE_NOT_SET && !isEmptyName(element);
    if (!complete && !(isLast && purpose.incompleteAllowed)) {
      throw invalidArgument("Key path element must not be incomplete: " + text(sent));
    }
    if (complete && isLast && !purpose.completeAllowed) {
      throw invalidArgument("Key path element must not be complete: " + text(sent));
    }
    if (!complete) {
      return PathElement.incomplete(element.getKind());
    }
    if (idType == IdTypeCase.ID) {
      if (element.getId() == 0) {
        throw invalidArgument("Key path id is invalid. Must not be zero.");
      }
      return PathElement.ofId(element.getKind(), element.getId());
    }
    Names.checkKeyName(element.getName(), purpose.reservedAllowed, limits.nameBytesMax());
    return PathElement.ofName(element.getKind(), element.getName());
  }

  private static boolean isEmptyName(com.google.datastore.v1.Key.PathElement element) {
    return element.getIdTypeCase() == IdTypeCase.NAME && element.getName().isEmpty();
  }

  private static String text(com.google.datastore.v1.Key key) {
    var text = new StringBuilder("[");
    for (var element : key.getPathList()) {
      text.append(text.length() > 1 ? ", " : "").append(element.getKind()).append(": ");
      switch (element.getIdTypeCase()) {
        case ID -> text.append(element.getId());
        case NAME -> text.append(element.getName());
        case IDTYPE_NOT_SET -> {}
      }
    }
    return text.append(']').toString();
  }
}
