namespace Moldau.Host.Commands;

internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;

    /// <summary>The command line itself was wrong; nothing was tried.</summary>
    public const int Misused = 2;
}
