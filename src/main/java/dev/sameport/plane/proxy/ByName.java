package dev.sameport.plane.proxy;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/// The classes of one of Netty's native transports, found by name: their jars are there at run time
/// only.
///
/// @param prefix what the names of its classes begin with, the package included
record ByName(String prefix) {

    interface Call<T> {
        T invoke() throws Throwable;
    }

    Class<?> find(String name) throws ClassNotFoundException {
        return Class.forName(prefix + name);
    }

    /// Why the transport can't be used here, or null where it can. `name` is the class that knows.
    @Nullable Throwable obstacle(String name) {
        try {
            return (Throwable) find(name).getMethod("unavailabilityCause").invoke(null);
        } catch (ReflectiveOperationException absent) {
            return absent;
        }
    }

    /// A static method without parameters.
    MethodHandle method(String name, String method, Class<?> result)
            throws ReflectiveOperationException {
        return MethodHandles.publicLookup()
                .findStatic(find(name), method, MethodType.methodType(result));
    }

    /// A constructor whose objects are used as `result`.
    MethodHandle constructor(String name, Class<?> result, Class<?>... parameters)
            throws ReflectiveOperationException {
        return MethodHandles.publicLookup()
                .findConstructor(find(name), MethodType.methodType(void.class, parameters))
                .asType(MethodType.methodType(result, parameters));
    }

    /// What a method handle gives, without its checked exceptions.
    static <T> T call(Call<T> call) {
        try {
            return call.invoke();
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new IllegalStateException(failure);
        }
    }
}
