namespace Moldau.ProtocolGenerator.Definitions;

public enum FileKind
{
    /// <summary>A request and its response.</summary>
    Api,

    /// <summary>A stored record: a key and a value.</summary>
    Record,

    /// <summary>A message that stands alone: a header, or an embedded protocol.</summary>
    Message,
}
