using System.Text.RegularExpressions;

namespace Moldau.Coordination.Groups.Patterns;

/// <summary>A regular expression in RE2's syntax that topics are subscribed to by. Matching takes time linear in the name.</summary>
public sealed class TopicPattern
{
    private readonly Regex _expression;

    /// <exception cref="PatternException">The text is none.</exception>
    public TopicPattern(string text)
    {
        var translated = new PatternTranslator(text).Translate();
        try
        {
            _expression = new Regex($@"\A{translated}\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception problem) when (problem is RegexParseException or NotSupportedException or InsufficientExecutionStackException)
        {
            // Repetitions of repetitions: the engine takes 10,000 nodes, where RE2/J takes what memory holds.
            throw new PatternException("expression too large");
        }
    }

    /// <summary>Whether it stands for the name as a whole.</summary>
    public bool Matches(string topic) => _expression.IsMatch(topic);
}
