using System.Reflection;
using Xunit;

namespace Moldau.Unit.Mutations;

/// <summary>
/// A room compiled again with one fault put in, and the unit tests loaded a second time on top of it: any test can so be
/// asked whether it notices.
/// </summary>
internal sealed class MutatedRoom
{
    private static readonly Lazy<RoomCompiler> SoundProtocol = new(static () => new ProtocolCompiler());
    private static readonly Lazy<RoomCompiler> SoundStorage = new(static () => new StorageCompiler());
    private static readonly Lazy<RoomCompiler> SoundCoordination = new(static () => new CoordinationCompiler());

    private readonly Assembly _tests;

    private MutatedRoom(Assembly tests) => _tests = tests;

    /// <param name="file">The file to change, relative to the repository.</param>
    /// <param name="original">A text that stands in it exactly once.</param>
    /// <param name="fault">What to put in its place.</param>
    public static MutatedRoom With(string file, string original, string fault)
    {
        var sound = file.StartsWith("src/Storage/", StringComparison.Ordinal) ? SoundStorage
            : file.StartsWith("src/Coordination/", StringComparison.Ordinal) ? SoundCoordination : SoundProtocol;
        var image = sound.Value.Compile(file, text =>
        {
            Assert.True(text.Split(original).Length == 2, $"'{original}' no longer stands exactly once in {file}; choose the fault anew");
            return text.Replace(original, fault, StringComparison.Ordinal);
        });
        return new MutatedRoom(new ReloadedTests(image).Tests);
    }

    /// <summary>Runs a test of this project against the faulty room.</summary>
    /// <returns>What the test had to say; null where it passed.</returns>
    public Exception? Run<TTests>(string method, params object?[] arguments)
    {
        var type = TypeOf(typeof(TTests));
        try
        {
            type.GetMethod(method)!.Invoke(Activator.CreateInstance(type), arguments);
            return null;
        }
        catch (TargetInvocationException thrown)
        {
            return thrown.InnerException;
        }
    }

    /// <summary>Calls a static method of this project on top of the faulty room; it may take and give what the runtime itself defines.</summary>
    public object? Call(Type type, string method, params object?[] arguments) => TypeOf(type).GetMethod(method)!.Invoke(null, arguments);

    private Type TypeOf(Type sound) => _tests.GetType(sound.FullName!, throwOnError: true)!;
}
