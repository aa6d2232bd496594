package dev.sameport.engine.sandbox;

/// A processor that the pause program is written for, by the name that engines give it.
public enum Architecture {
    AMD64("amd64", 62),
    ARM64("arm64", 183);

    private final String text;
    private final int elfMachine;

    Architecture(String text, int elfMachine) {
        this.text = text;
        this.elfMachine = elfMachine;
    }

    /// The architecture of that name, such as `amd64`.
    ///
    /// @throws IllegalArgumentException for one that there is no pause program for
    public static Architecture of(String text) {
        for (Architecture architecture : values()) {
            if (architecture.text.equals(text)) {
                return architecture;
            }
        }
        throw new IllegalArgumentException(
                "there is no pause program for architecture '"
                        + text
                        + "', only for amd64 and arm64; make the sandbox with --image of your own");
    }

    /// `e_machine` (elf(5)).
    int elfMachine() {
        return elfMachine;
    }

    /// As engines and image configurations write it.
    @Override
    public String toString() {
        return text;
    }
}
