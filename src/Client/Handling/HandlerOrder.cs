namespace Moldau.Client.Handling;

/// <summary>Which records are handled one after the other.</summary>
public enum HandlerOrder
{
    /// <summary>Those of a partition that have the same key. Those without a key have no order.</summary>
    Key,

    /// <summary>Those of a partition.</summary>
    Partition,

    /// <summary>None.</summary>
    None,
}
