"""养老 (yanglao): administration of elderly care, from departmental lists to delivered services."""
