namespace Moldau.Fuzz.Engine;

/// <param name="Slow">An input that takes longer, each time it is tried, is a finding.</param>
/// <param name="Hang">An input that has not come back after this is one at once; far above <paramref name="Slow"/>, since the machine may be busy.</param>
/// <param name="MaxInputLength">Mutations do not grow an input beyond it.</param>
internal sealed record FuzzLimits(TimeSpan Slow, TimeSpan Hang, int MaxInputLength)
{
    public static FuzzLimits Default { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20), 16 * 1024);
}
