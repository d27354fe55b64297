using System.Reflection;
using Xunit;

namespace Moldau.Unit.Mutations;

/// <summary>
/// The Protocol room compiled again with one fault put in, and the unit tests loaded a second time on top of it: any test
/// can so be asked whether it notices.
/// </summary>
internal sealed class MutatedProtocol
{
    private static readonly Lazy<ProtocolCompiler> Sound = new(static () => new ProtocolCompiler());

    private readonly Assembly _tests;

    private MutatedProtocol(Assembly tests) => _tests = tests;

    /// <param name="file">The file to change, relative to the repository.</param>
    /// <param name="original">A text that stands in it exactly once.</param>
    /// <param name="fault">What to put in its place.</param>
    public static MutatedProtocol With(string file, string original, string fault)
    {
        var image = Sound.Value.Compile(file, text =>
        {
            Assert.True(text.Split(original).Length == 2, $"'{original}' no longer stands exactly once in {file}; choose the fault anew");
            return text.Replace(original, fault, StringComparison.Ordinal);
        });
        return new MutatedProtocol(new ReloadedTests(image).Tests);
    }

    /// <summary>Runs a test of this project against the faulty room.</summary>
    /// <returns>What the test had to say; null where it passed.</returns>
    public Exception? Run<TTests>(string method, params object?[] arguments)
    {
        var type = _tests.GetType(typeof(TTests).FullName!, throwOnError: true)!;
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
}
