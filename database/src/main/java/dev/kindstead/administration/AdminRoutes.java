package dev.kindstead.administration;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.FieldMaskUtil;
import dev.kindstead.model.DatastoreException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP paths of the admin API's methods, below {@code /v1/}.
 *
 * @see <a href="https://cloud.google.com/datastore/docs/reference/admin/rest">REST reference</a>
 */
public final class AdminRoutes {
  /** In place of a path element's number: the whole path, without the verb behind a colon. */
  private static final int WHOLE = -1;

  /** The same without its last element. */
  private static final int BEFORE_LAST = -2;

  private static final String DATABASE = "projects/*/databases/*";
  private static final String GROUP = DATABASE + "/collectionGroups/*";

  private static final List<Route> ROUTES =
      List.of(
          new Route("POST", "projects/*/indexes", AdminMethod.CREATE_INDEX, "index", project()),
          new Route("GET", "projects/*/indexes", AdminMethod.LIST_INDEXES, null, project()),
          new Route("GET", "projects/*/indexes/*", AdminMethod.GET_INDEX, null, index()),
          new Route("DELETE", "projects/*/indexes/*", AdminMethod.DELETE_INDEX, null, index()),
          new Route(
              "POST", GROUP + "/indexes", AdminMethod.FIRESTORE_CREATE_INDEX, "index", parent()),
          new Route("GET", GROUP + "/indexes", AdminMethod.FIRESTORE_LIST_INDEXES, null, parent()),
          new Route("GET", GROUP + "/indexes/*", AdminMethod.FIRESTORE_GET_INDEX, null, name()),
          new Route(
              "DELETE", GROUP + "/indexes/*", AdminMethod.FIRESTORE_DELETE_INDEX, null, name()),
          new Route("GET", GROUP + "/fields", AdminMethod.LIST_FIELDS, null, parent()),
          new Route("GET", GROUP + "/fields/*", AdminMethod.GET_FIELD, null, name()),
          new Route("PATCH", GROUP + "/fields/*", AdminMethod.UPDATE_FIELD, "field", Map.of()),
          new Route("GET", DATABASE, AdminMethod.GET_DATABASE, null, name()),
          new Route("POST", DATABASE + ":checkIndexes", AdminMethod.CHECK_INDEXES, null, name()),
          new Route("PATCH", DATABASE, AdminMethod.UPDATE_DATABASE, "database", Map.of()),
          new Route(
              "GET", "projects/*/operations", AdminMethod.LIST_OPERATIONS, null, operations()),
          new Route("GET", "projects/*/operations/*", AdminMethod.GET_OPERATION, null, name()),
          new Route(
              "DELETE", "projects/*/operations/*", AdminMethod.DELETE_OPERATION, null, name()),
          new Route(
              "POST", "projects/*/operations/*:cancel", AdminMethod.CANCEL_OPERATION, "*", name()),
          new Route(
              "GET", DATABASE + "/operations", AdminMethod.LIST_OPERATIONS, null, operations()),
          new Route("GET", DATABASE + "/operations/*", AdminMethod.GET_OPERATION, null, name()),
          new Route(
              "DELETE", DATABASE + "/operations/*", AdminMethod.DELETE_OPERATION, null, name()),
          new Route(
              "POST",
              DATABASE + "/operations/*:cancel",
              AdminMethod.CANCEL_OPERATION,
              "*",
              name()));

  private AdminRoutes() {}

  private static Map<String, Integer> project() {
    return Map.of("project_id", 1);
  }

  private static Map<String, Integer> index() {
    return Map.of("project_id", 1, "index_id", 3);
  }

  private static Map<String, Integer> parent() {
    return Map.of("parent", BEFORE_LAST);
  }

  private static Map<String, Integer> operations() {
    return Map.of("name", BEFORE_LAST);
  }

  private static Map<String, Integer> name() {
    return Map.of("name", WHOLE);
  }

  /**
   * One path.
   *
   * @param body the field that the body is; {@code *} for the whole message, null for none
   * @param fields the request's fields and the path elements, counted from zero, they come from
   */
  private record Route(
      String verb,
      String pattern,
      AdminMethod method,
      @Nullable String body,
      Map<String, Integer> fields) {}

  /**
   * A method that a request asks for.
   *
   * @param body the message in the request that the body is merged into; null when it has none
   */
  public record Match(AdminMethod method, Message.Builder request, Message.@Nullable Builder body) {
    /** Sets a field by its JSON name, as query strings have it; unknown ones are passed over. */
    public void set(String jsonName, String value) {
      for (FieldDescriptor field : request.getDescriptorForType().getFields()) {
        if (field.getJsonName().equals(jsonName) && !field.isRepeated()) {
          switch (field.getJavaType()) {
            case STRING -> request.setField(field, value);
            case MESSAGE -> setMask(field, value);
            case INT -> request.setField(field, number(jsonName, value));
            default -> {}
          }
        }
      }
    }

    private static int number(String name, String value) {
      try {
        return Integer.parseInt(value);
      } catch (NumberFormatException malformed) {
        throw DatastoreException.invalidArgument("%s is no number: %s".formatted(name, value));
      }
    }

    private void setMask(FieldDescriptor field, String value) {
      if (field.getMessageType().equals(FieldMask.getDescriptor())) {
        request.setField(field, FieldMaskUtil.fromString(value));
      }
    }
  }

  /**
   * @param path behind {@code /v1/}, decoded
   * @return null when there is no such method
   */
  public static @Nullable Match match(String verb, String path) {
    for (Route route : ROUTES) {
      if (route.verb.equals(verb) && fits(route.pattern, path)) {
        return matched(route, path);
      }
    }
    return null;
  }

  private static boolean fits(String pattern, String path) {
    String[] wanted = pattern.split("/", -1);
    String[] given = path.split("/", -1);
    if (wanted.length != given.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      boolean any = wanted[i].startsWith("*");
      String suffix = any ? wanted[i].substring(1) : "";
      boolean fits =
          any
              ? given[i].length() > suffix.length()
                  && given[i].endsWith(suffix)
                  && (!suffix.isEmpty() || i < wanted.length - 1 || given[i].indexOf(':') < 0)
              : given[i].equals(wanted[i]);
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  private static Match matched(Route route, String path) {
    Message.Builder request = AdminMessages.requestOf(route.method).newBuilderForType();
    int colon = path.indexOf(':', path.lastIndexOf('/'));
    String whole = colon < 0 ? path : path.substring(0, colon);
    for (Map.Entry<String, Integer> field : route.fields.entrySet()) {
      String value =
          switch (field.getValue()) {
            case WHOLE -> whole;
            case BEFORE_LAST -> whole.substring(0, whole.lastIndexOf('/'));
            default -> path.split("/")[field.getValue()];
          };
      if (request instanceof Struct.Builder struct) {
        struct.putFields(field.getKey(), Value.newBuilder().setStringValue(value).build());
      } else {
        request.setField(request.getDescriptorForType().findFieldByName(field.getKey()), value);
      }
    }
    String body = route.body;
    if (body == null) {
      return new Match(route.method, request, null);
    }
    if (body.equals("*")) {
      return new Match(route.method, request, request);
    }
    Message.Builder part =
        request.getFieldBuilder(request.getDescriptorForType().findFieldByName(body));
    if (route.verb.equals("PATCH")) {
      part.setField(part.getDescriptorForType().findFieldByName("name"), whole);
    }
    return new Match(route.method, request, part);
  }
}
