import com.google.cloud.datastore.Datastore;
import com.google.cloud.datastore.DatastoreOptions;
import com.google.cloud.datastore.Entity;
import com.google.cloud.datastore.Key;

/** Stores a user, reads it back and prints it. */
public final class SaveUser {
  private SaveUser() {}

  public static void main(String[] arguments) {
    Datastore datastore = DatastoreOptions.getDefaultInstance().getService();

    Key key = datastore.newKeyFactory().setKind("User").newKey("User");
    datastore.put(
        Entity.newBuilder(key)
            .set("name", "John Doe")
            .set("email", "john.doe@example.com")
            .build());

    Entity user = datastore.get(key);
    System.out.printf("%s <%s>%n", user.getString("name"), user.getString("email"));
  }
}
