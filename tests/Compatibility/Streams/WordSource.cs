using Moldau.Compatibility.Clients;

namespace Moldau.Compatibility.Streams;

/// <summary>Lines of chance words, and how often each word was written.</summary>
/// <param name="chance">Draws them.</param>
internal sealed class WordSource(Random chance)
{
    private const int WordsInLine = 10;
    private const int Vocabulary = 50;

    private readonly Dictionary<string, int> _written = [];

    /// <summary>How many words there are by now.</summary>
    public int Words { get; private set; }

    public async Task WriteAsync(string address, int lines)
    {
        await Kcat.WriteAsync(address, WordCounter.Lines, Enumerable.Range(0, lines).Select(_ => string.Join(' ', Enumerable.Range(0, WordsInLine).Select(_ => Draw()))).ToList());
    }

    /// <summary>Each word must have counted from one to as often as it was written, in that order.</summary>
    /// <returns>What is wrong; null where nothing is.</returns>
    public string? Fault(Dictionary<string, List<int>> counts)
    {
        foreach (var (word, times) in _written)
        {
            if (!counts.TryGetValue(word, out var counted)) return $"{word} was written {times} times, and has no counts";
            for (var i = 0; i < counted.Count; i++)
            {
                if (counted[i] != i + 1) return $"{word}: count {counted[i]} stands where {i + 1} is expected";
            }

            if (counted.Count != times) return $"{word} was written {times} times, and counted {counted.Count} times";
        }

        return counts.Keys.FirstOrDefault(word => !_written.ContainsKey(word)) is { } stranger ? $"{stranger} was never written" : null;
    }

    /// <summary>Each word must have reached at least as often as it was written: some may have been counted twice.</summary>
    /// <returns>What is wrong; null where nothing is.</returns>
    public string? Lacking(Dictionary<string, List<int>> counts)
    {
        foreach (var (word, times) in _written)
        {
            var reached = counts.GetValueOrDefault(word) is { } counted ? counted[^1] : 0;
            if (reached < times) return $"{word} was written {times} times, and its count is {reached}";
        }

        return null;
    }

    private string Draw()
    {
        var word = "w" + chance.Next(Vocabulary);
        _written[word] = _written.GetValueOrDefault(word) + 1;
        Words++;
        return word;
    }
}
