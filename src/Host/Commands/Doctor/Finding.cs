namespace Moldau.Host.Commands.Doctor;

/// <summary>What one look found.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Is">What is.</param>
/// <param name="Should">What should be, and why; null where it is.</param>
/// <param name="Mend">The command or the change that mends it; null where nothing is to be mended.</param>
internal sealed record Finding(Severity Severity, string Is, string? Should = null, string? Mend = null)
{
    public static Finding Ok(string what) => new(Severity.Ok, what);

    public static Finding Warn(string what, string should, string mend) => new(Severity.Warn, what, should, mend);

    public static Finding Fail(string what, string should, string mend) => new(Severity.Fail, what, should, mend);
}
