using Xunit;

namespace Moldau.Unit.Storage.Simulation;

/// <summary>What simulations came upon, so that a test can tell that they came upon enough.</summary>
/// <param name="tells">Whether everything is told one by one, as for a seed that has failed and is run again.</param>
internal sealed class Happenings(bool tells = false)
{
    /// <summary>Null where nobody asked for it.</summary>
    public List<string>? Story { get; } = tells ? [] : null;

    public SortedDictionary<string, int> Counts { get; } = new(StringComparer.Ordinal);

    public void Note(string what, int times = 1)
    {
        Counts[what] = Counts.GetValueOrDefault(what) + times;
        Story?.Add(what);
    }

    /// <summary>A simulation that has not met what it is there for proves nothing.</summary>
    public void AssertMet(params string[] expected) =>
        Assert.All(expected, what => Assert.True(Counts.GetValueOrDefault(what) > 0, $"never met: {what}"));

    public override string ToString() => string.Join(", ", Counts.Select(static count => $"{count.Key} {count.Value}"));
}
