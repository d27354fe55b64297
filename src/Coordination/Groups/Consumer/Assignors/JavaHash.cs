using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Consumer.Assignors;

/// <summary>The hashes of Java's classes, on which the order depends in which its maps are walked.</summary>
internal static class JavaHash
{
    public static int OfText(string text)
    {
        var hash = 0;
        foreach (var unit in text) hash = (31 * hash) + unit;
        return hash;
    }

    public static int OfId(Uuid id)
    {
        var both = id.High ^ id.Low;
        return (int)(both >> 32) ^ (int)both;
    }

    public static int OfNumber(int number) => number;
}
