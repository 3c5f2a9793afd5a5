package dev.kindstead.gql;

import com.google.datastore.v1.GqlQuery;
import com.google.datastore.v1.GqlQueryParameter;
import dev.kindstead.model.DatastoreException;
import java.util.HashSet;
import java.util.Set;

/**
 * The values that a query's text leaves open. Every numbered one must be used, of the named ones
 * some may be for other texts. Confined to one thread.
 */
final class Bindings {
  private final GqlQuery query;
  private final Set<String> used = new HashSet<>();

  Bindings(GqlQuery query) {
    this.query = query;
  }

  GqlQueryParameter get(Token binding) {
    String name = binding.text();
    boolean numbered = Character.isDigit(name.charAt(0));
    GqlQueryParameter parameter = numbered ? numbered(name) : query.getNamedBindingsMap().get(name);
    if (parameter == null) {
      throw DatastoreException.invalidArgument("Absent named binding: " + name + ".");
    }
    return parameter;
  }

  private GqlQueryParameter numbered(String number) {
    int count = query.getPositionalBindingsCount();
    int index;
    try {
      index = Integer.parseInt(number);
    } catch (NumberFormatException notOne) {
      index = 0;
    }
    if (index < 1 || index > count) {
      throw DatastoreException.invalidArgument("Absent numbered binding: " + number + ".");
    }
    used.add(Integer.toString(index));
    return query.getPositionalBindings(index - 1);
  }

  /** INVALID_ARGUMENT when the text names a literal and may not. */
  void checkLiteral(String literal) {
    if (!query.getAllowLiterals()) {
      throw DatastoreException.invalidArgument("Disallowed literal: " + literal + ".");
    }
  }

  /** INVALID_ARGUMENT when a numbered one is not. */
  void checkAllUsed() {
    for (int i = 1; i <= query.getPositionalBindingsCount(); i++) {
      if (!used.contains(Integer.toString(i))) {
        throw DatastoreException.invalidArgument("Unused numbered binding: " + i + ".");
      }
    }
  }
}
