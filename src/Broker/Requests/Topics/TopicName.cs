namespace Moldau.Broker.Requests.Topics;

/// <summary>What a topic may be called.</summary>
internal static class TopicName
{
    public const int MaxLength = 249;

    public static bool IsLegal(string name) => Fault(name) is null;

    /// <returns>Why a topic may not be called so; null where it may.</returns>
    public static string? Fault(string name)
    {
        if (name.Length == 0) return "a topic's name is not empty";
        if (name is "." or "..") return $"'{name}' is no name for a topic: it would name a folder";
        if (name.Length > MaxLength) return $"a topic's name has at most {MaxLength} characters; '{name}' has {name.Length}";
        foreach (var letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('.' or '_' or '-'))
                return $"'{name}' has a '{letter}'; letters, digits, '.', '_' and '-' may stand in a topic's name";
        }

        return null;
    }

    /// <summary>Names that differ in '.' and '_' alone become one name in metrics.</summary>
    public static bool Collides(string one, string other) => one.Replace('.', '_') == other.Replace('.', '_');

    /// <summary>The name under which metadata can be asked for; no topic may have it.</summary>
    public const string ClusterMetadata = "__cluster_metadata";

    public const string ConsumerOffsets = "__consumer_offsets";

    public const string TransactionState = "__transaction_state";

    public const string ShareGroupState = "__share_group_state";

    public static bool IsInternal(string name) => name is ConsumerOffsets or TransactionState or ShareGroupState;
}
