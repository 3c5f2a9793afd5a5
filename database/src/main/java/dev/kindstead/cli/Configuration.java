package dev.kindstead.cli;

import dev.kindstead.model.Invariant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The settings in effect, each with its origin. Immutable. */
public final class Configuration {
  /** A value and where it comes from. */
  record Choice(String text, Origin origin) {}

  private final Profile profile;
  private final Map<Setting<?>, Choice> choices;

  /** Every text has been read once: {@link #get} can't fail on it. */
  Configuration(Profile profile, Map<Setting<?>, Choice> choices) {
    this.profile = profile;
    this.choices = new LinkedHashMap<>(choices);
  }

  public Profile profile() {
    return profile;
  }

  /** The value of a setting that has one in every profile. */
  public <T> T get(Setting<T> setting) {
    Optional<T> value = find(setting);
    Invariant.check(value.isPresent(), "a setting with a default");
    return value.orElseThrow();
  }

  public <T> Optional<T> find(Setting<T> setting) {
    Choice choice = choices.get(setting);
    return choice == null ? Optional.empty() : Optional.of(setting.read(choice.text));
  }

  /** Whether somebody has said it; otherwise it is the default. */
  public boolean isChosen(Setting<?> setting) {
    return choice(setting).filter(it -> !(it.origin instanceof Origin.Default)).isPresent();
  }

  Optional<Choice> choice(Setting<?> setting) {
    return Optional.ofNullable(choices.get(setting));
  }
}
