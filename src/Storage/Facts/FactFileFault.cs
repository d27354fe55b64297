namespace Moldau.Storage.Facts;

public enum FactFileFault
{
    /// <summary>Bytes that were durable are not what was written.</summary>
    Damaged,

    NewerFormat,
}
