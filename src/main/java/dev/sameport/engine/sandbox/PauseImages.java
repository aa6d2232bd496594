package dev.sameport.engine.sandbox;

import dev.sameport.engine.EngineClient;
import dev.sameport.engine.EngineException;

/// Makes the pause image known to an engine, without a registry.
public final class PauseImages {
    private PauseImages() {}

    /// Imports the image, unless the engine has this version of it. To be called after
    /// `EngineClient.negotiate`.
    ///
    /// @return whether it had to be imported
    /// @throws EngineException when the engine refuses it, or is of an architecture that there is
    ///   no pause program for
    public static boolean ensure(EngineClient engine) {
        if (engine.hasImage(PauseImage.VERSION) && engine.hasImage(PauseImage.NAME)) {
            return false;
        }
        Architecture architecture;
        try {
            architecture = Architecture.of(engine.architecture());
        } catch (IllegalArgumentException e) {
            throw new EngineException("engine at " + engine.socket() + ": " + e.getMessage(), e);
        }
        engine.loadImage(PauseImage.archive(architecture));
        return true;
    }

    /// Removes the image under both of its names.
    ///
    /// @return whether there was one
    /// @throws EngineException when the engine refuses, as it does while a container uses it
    public static boolean remove(EngineClient engine) {
        boolean there = engine.removeImage(PauseImage.VERSION);
        return engine.removeImage(PauseImage.NAME) || there;
    }
}
