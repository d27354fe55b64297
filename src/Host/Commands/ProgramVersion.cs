using System.Reflection;

namespace Moldau.Host.Commands;

/// <summary>What <c>--version</c> prints.</summary>
internal static class ProgramVersion
{
    private const int CommitDigits = 12;

    /// <summary>Without the commit.</summary>
    public static string Number => typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static string Text => Describe(
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
        Environment.Version);

    /// <param name="informational">The version, and outside a source archive <c>+</c> and the commit it was built from.</param>
    /// <param name="runtime">The .NET it runs on.</param>
    public static string Describe(string informational, Version runtime)
    {
        var plus = informational.IndexOf('+', StringComparison.Ordinal);
        if (plus < 0) return $"moldau {informational} (.NET {runtime})";

        var commit = informational[(plus + 1)..];
        if (commit.Length > CommitDigits) commit = commit[..CommitDigits];
        return $"moldau {informational[..plus]} (commit {commit}, .NET {runtime})";
    }
}
