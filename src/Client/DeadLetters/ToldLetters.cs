namespace Moldau.Client.DeadLetters;

/// <summary>The letters of one partition that were told of, to find those that a crash has made twice.</summary>
internal sealed class ToldLetters
{
    private readonly Dictionary<(TopicPartition Origin, string? Group), Dictionary<long, long>> _times = [];

    /// <summary>Whether none was told of the same record. One of the same offset but another time is of a topic that was made anew.</summary>
    public bool IsFirst(DeadLetter letter)
    {
        if (!_times.TryGetValue((letter.Origin, letter.Group), out var times)) _times.Add((letter.Origin, letter.Group), times = []);
        var time = letter.OriginTime ?? -1;
        if (times.TryGetValue(letter.OriginOffset, out var known) && known == time) return false;
        times[letter.OriginOffset] = time;
        return true;
    }

    /// <summary>Letters were sent back here: a record that is given up again behind that, as when its group was sent back too, is a letter of its own.</summary>
    public void Forget() => _times.Clear();
}
